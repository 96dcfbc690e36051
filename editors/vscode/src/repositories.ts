// What the server knows of the repositories of the editor's folders. It is asked again when
// something has changed and somebody wants to know.
import * as vscode from 'vscode';
import type { Description } from './description';
import type { Server } from './server';

export class Repositories implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Something may be different now: ask again. */
  readonly onDidChange = this.changed.event;
  private readonly busyChanged = new vscode.EventEmitter<void>();
  /** Whether the server is being waited for has changed. */
  readonly onDidChangeBusy = this.busyChanged.event;
  private readonly parts: vscode.Disposable[] = [];
  private known: Promise<Description[]> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;

  constructor(private readonly server: Server) {
    const files = vscode.workspace.createFileSystemWatcher('**/{*.nix,flake.lock,nixlint.toml,hardware.json}');
    const later = (): void => this.later();
    this.parts.push(
      files,
      files.onDidChange(later),
      files.onDidCreate(later),
      files.onDidDelete(later),
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (e.document.languageId === 'nix' && e.contentChanges.length > 0) {
          this.later();
        }
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      server.onDidChangeState(() => this.refresh()),
    );
  }

  get busy(): boolean {
    return this.waiting > 0;
  }

  /** Returns what is known now, one description for each repository; none while the server is not running. */
  all(): Promise<Description[]> {
    return (this.known ??= this.ask());
  }

  /** Forgets what is known. */
  refresh(): void {
    clearTimeout(this.timer);
    this.known = undefined;
    this.changed.fire();
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.parts, this.changed, this.busyChanged).dispose();
  }

  // Who types is not disturbed: the repository is looked at when nothing has happened for a while.
  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), 700);
  }

  private async ask(): Promise<Description[]> {
    if (this.server.state !== 'running') {
      return [];
    }
    this.waiting++;
    this.busyChanged.fire();
    try {
      const found = new Map<string, Description>();
      for (const folder of vscode.workspace.workspaceFolders ?? []) {
        if (folder.uri.scheme === 'file') {
          const description = await this.server.execute<Description>('nixlint.describe', folder.uri);
          found.set(description.root, description);
        }
      }
      return [...found.values()];
    } catch (err) {
      this.server.output.warn(`the repository is not described: ${err instanceof Error ? err.message : String(err)}`);
      return [];
    } finally {
      this.waiting--;
      this.busyChanged.fire();
    }
  }
}
