// The picture of a repository, in a panel of its own.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Description } from './description';
import type { Repositories } from './repositories';
import type { Server } from './server';
import { fileUri } from './tree';

export class Graphs implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>(); // by repository and hosts

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
    private readonly repositories: Repositories,
  ) {}

  /** Shows a repository, or only some of its hosts. */
  async show(of: Description, hosts: string[]): Promise<void> {
    const key = [of.root, ...hosts].join('\n');
    const shown = this.panels.get(key);
    if (shown !== undefined) {
      shown.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel('nixlint.graph', hosts.length > 0 ? `Graph of ${hosts.join(', ')}` : 'Graph', vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.context.extensionUri, 'out'), vscode.Uri.joinPath(this.context.extensionUri, 'media')],
    });
    panel.iconPath = vscode.Uri.joinPath(this.context.extensionUri, 'media', 'icon.svg');
    this.panels.set(key, panel);
    let stale = false;
    const draw = async (): Promise<void> => {
      stale = !panel.visible;
      if (!panel.visible || this.server.state !== 'running') {
        return;
      }
      try {
        const { text } = await this.server.execute<{ text: string }>('nixlint.showGraph', of.root, { format: 'svg', hosts });
        panel.webview.html = this.page(panel.webview, text);
      } catch (err) {
        this.server.output.warn(`the graph is not drawn: ${err instanceof Error ? err.message : String(err)}`);
      }
    };
    const parts = [
      this.repositories.onDidChange(draw),
      panel.onDidChangeViewState(() => (stale && panel.visible ? draw() : undefined)),
      panel.webview.onDidReceiveMessage((message: unknown) => openFile(of, message)),
    ];
    panel.onDidDispose(() => {
      this.panels.delete(key);
      vscode.Disposable.from(...parts).dispose();
    });
    await draw();
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) {
      panel.dispose();
    }
  }

  private page(webview: vscode.Webview, svg: string): string {
    const nonce = randomBytes(16).toString('hex');
    const local = (folder: string, file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.context.extensionUri, folder, file)).toString();
    // The picture has one style sheet, its own, which may have the colours of its hosts.
    const picture = svg.replace('<style>', `<style nonce="${nonce}">`);
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>Graph</title>
</head>
<body>
${picture}
<link rel="stylesheet" nonce="${nonce}" href="${local('media', 'graph.css')}">
<script nonce="${nonce}" src="${local('out', 'graphView.js')}"></script>
</body>
</html>`;
  }
}

// A webview is not trusted: only files inside of the repository are opened.
async function openFile(of: Description, message: unknown): Promise<void> {
  const file = (message as { open?: unknown } | undefined)?.open;
  if (typeof file === 'string' && !file.startsWith('/') && !file.split('/').includes('..')) {
    await vscode.window.showTextDocument(fileUri(of, file), { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}
