// Finds mistakes in NixOS repositories as they are written, by the language server of nixlint.
import * as vscode from 'vscode';
import { Graphs } from './graph';
import { Left } from './questions';
import { Repositories } from './repositories';
import { Scaffold, type Given } from './scaffold';
import { Server } from './server';
import { createStatus } from './status';
import { Tree } from './tree';

let running: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = new Server();
  running = server;
  const repositories = new Repositories(server);
  const scaffold = new Scaffold(server, repositories);
  const graphs = new Graphs(context, server, repositories);

  const command = (name: string, run: (given: Given) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`nixlint.${name}`, async (given?: Given) => {
      try {
        await run(given ?? {});
      } catch (err) {
        if (!(err instanceof Left)) {
          void vscode.window.showErrorMessage(`nixlint: ${err instanceof Error ? err.message : String(err)}`);
        }
      }
    });

  context.subscriptions.push(
    server,
    repositories,
    graphs,
    createStatus(server, repositories),
    vscode.window.createTreeView('nixlint.repository', { treeDataProvider: new Tree(repositories), showCollapseAll: true }),
    command('newHost', (given) => scaffold.newHost(given)),
    command('newUser', (given) => scaffold.newUser(given)),
    command('newModule', (given) => scaffold.newModule(given)),
    command('newVm', (given) => scaffold.newVm(given)),
    command('snapshotMachine', (given) => scaffold.snapshotMachine(given)),
    command('registerModule', (given) => server.execute('nixlint.registerModule', given.uri ?? '', given)),
    command('showGraph', async (given) => graphs.show(await scaffold.repository(given), given.host ? [given.host.name] : [])),
    command('refresh', () => repositories.refresh()),
    command('restartServer', () => server.restart()),
    command('showOutput', () => server.output.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      // Other settings are told to the server as they change.
      if (change.affectsConfiguration('nixlint.server') || change.affectsConfiguration('nixlint.diagnostics')) {
        void server.restart();
      }
    }),
  );
  await server.restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
