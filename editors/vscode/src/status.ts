// The language status: it shows beside Nix files whether the server runs and what it has found.
import * as vscode from 'vscode';
import type { Repositories } from './repositories';
import type { Server } from './server';

export function createStatus(server: Server, repositories: Repositories): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('nixlint', { language: 'nix' });
  item.name = 'nixlint';

  const show = async (): Promise<void> => {
    item.busy = server.state === 'starting' || repositories.busy;
    item.severity =
      server.state === 'missing' || server.state === 'stopped'
        ? vscode.LanguageStatusSeverity.Error
        : vscode.LanguageStatusSeverity.Information;
    item.command = { command: 'nixlint.showOutput', title: 'Show Output' };
    switch (server.state) {
      case 'missing':
        item.text = 'nixlint not found';
        item.detail = 'install it, or set nixlint.server.path';
        item.command = { command: 'nixlint.restartServer', title: 'Try Again' };
        break;
      case 'stopped':
        item.text = 'nixlint has stopped';
        item.detail = undefined;
        item.command = { command: 'nixlint.restartServer', title: 'Restart' };
        break;
      case 'starting':
        item.text = 'nixlint is starting';
        item.detail = undefined;
        break;
      case 'running': {
        item.detail = server.version;
        if (repositories.busy) {
          item.text = 'looking at the repository';
          break;
        }
        const hosts = (await repositories.all()).flatMap((r) => r.hosts);
        item.text = hosts.length === 1 ? '1 host' : `${hosts.length} hosts`;
        item.detail = hosts.length > 0 ? `${hosts.map((h) => h.name).join(', ')}; ${server.version}` : `${server.version}: no hosts were found`;
        break;
      }
    }
  };

  void show();
  return vscode.Disposable.from(
    item,
    server.onDidChangeState(show),
    repositories.onDidChange(show),
    repositories.onDidChangeBusy(show),
  );
}
