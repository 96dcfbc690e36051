// The language server: starting and stopping it, and asking it.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  State,
  type DynamicFeature,
  type Location,
  type Position,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { configuredProgram, findProgram } from './program';

/** missing: there is no program to start. stopped: it has ended, or does not start. */
export type ServerState = 'starting' | 'running' | 'stopped' | 'missing';

/** Settings that the server gets, beside those that are only the extension's. */
const forServer = ['select', 'extendSelect', 'ignore', 'inputs', 'diagnostics', 'inlayHints', 'renameFiles'] as const;

/** A client that leaves the server's commands to the extension, which asks for their arguments. */
class Client extends LanguageClient {
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ('registrationType' in feature && feature.registrationType.method === ExecuteCommandRequest.method) {
      return;
    }
    super.registerFeature(feature);
  }
}

export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel('nixlint', { log: true });
  private readonly messages = vscode.window.createOutputChannel('nixlint (messages)', { log: true });
  private readonly changed = new vscode.EventEmitter<ServerState>();
  readonly onDidChangeState = this.changed.event;
  private client: Client | undefined;
  private current: ServerState = 'stopped';
  private crashes: number[] = []; // when, in ms
  private queue: Promise<void> = Promise.resolve();
  private restarts = 0; // asked for and not done yet

  get state(): ServerState {
    return this.current;
  }

  /** The name and version that the server gives itself. */
  get version(): string {
    const info = this.client?.initializeResult?.serverInfo;
    return info ? `${info.name} ${info.version ?? ''}`.trim() : 'nixlint';
  }

  /** Starts the server, again if it runs. */
  restart(): Promise<void> {
    this.restarts++;
    this.queue = this.queue.then(async () => {
      await this.end();
      await this.begin();
      this.restarts--;
    });
    return this.queue;
  }

  /** Runs a command of the server in the repository of a file or folder. */
  async execute<T>(command: string, uri: vscode.Uri | string, args: object = {}): Promise<T> {
    if (this.client === undefined || this.current !== 'running') {
      throw new Error('the server of nixlint is not running');
    }
    return this.client.sendRequest<T>(ExecuteCommandRequest.method, {
      command,
      arguments: [{ ...args, uri: uri.toString() }],
    });
  }

  /** Ends the server. */
  stop(): Promise<void> {
    this.queue = this.queue.then(() => this.end());
    return this.queue;
  }

  dispose(): void {
    this.output.dispose();
    this.messages.dispose();
    this.changed.dispose();
  }

  private set(state: ServerState): void {
    if (this.current !== state) {
      this.current = state;
      void vscode.commands.executeCommand('setContext', 'nixlint.state', state);
      this.changed.fire(state);
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      await client.dispose().catch((err: unknown) => this.output.warn(`the server did not end well: ${String(err)}`));
    }
    this.set('stopped');
  }

  private async begin(): Promise<void> {
    const program = await findProgram();
    if (program === undefined) {
      this.set('missing');
      void this.tellMissing();
      return;
    }
    this.output.info(`starting ${program} lsp`);
    const client = new Client(
      'nixlint',
      'nixlint',
      { command: program, args: ['lsp'] },
      {
        documentSelector: [
          { scheme: 'file', language: 'nix' },
          { scheme: 'untitled', language: 'nix' },
        ],
        outputChannel: this.output,
        traceOutputChannel: this.messages,
        synchronize: { configurationSection: 'nixlint' },
        initializationOptions: initializationOptions(),
        initializationFailedHandler: () => false,
        middleware: {
          // Places that a lens counts are values of the protocol, and VS Code shows values of its own.
          provideCodeLenses: async (document, token, next) => {
            const lenses = (await next(document, token)) ?? [];
            for (const { command } of lenses) {
              if (command?.command === 'editor.action.showReferences' && command.arguments !== undefined) {
                const [uri, position, places] = command.arguments as [string, Position, Location[]];
                const convert = client.protocol2CodeConverter;
                command.arguments = [convert.asUri(uri), convert.asPosition(position), places.map((place) => convert.asLocation(place))];
              }
            }
            return lenses;
          },
          workspace: {
            // A server that is about to end is not told that settings have changed.
            didChangeConfiguration: async (sections, next) => {
              if (this.client === client && this.current === 'running' && this.restarts === 0) {
                await next(sections);
              }
            },
          },
        },
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue }),
          closed: () => this.closed(),
        },
      },
    );
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) {
        this.set(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped');
      }
    });
    try {
      await client.start();
    } catch (err) {
      this.set('stopped');
      this.output.error(err instanceof Error ? err : String(err));
      const again = 'Try Again';
      const show = 'Show Output';
      void vscode.window
        .showErrorMessage(`nixlint: \`${program} lsp\` does not start: ${err instanceof Error ? err.message : String(err)}`, again, show)
        .then((chosen) => (chosen === again ? this.restart() : chosen === show ? this.output.show() : undefined));
    }
  }

  // A server that ends is started again, unless it ends time after time.
  private closed(): { action: CloseAction; message?: string; handled?: boolean } {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < 3 * 60_000), now];
    if (this.crashes.length < 4) {
      return { action: CloseAction.Restart };
    }
    this.crashes = [];
    return {
      action: CloseAction.DoNotRestart,
      message: 'The server of nixlint ended four times within three minutes and is not started again. Its output may say why.',
    };
  }

  private async tellMissing(): Promise<void> {
    const set = configuredProgram();
    const message = set
      ? `nixlint: \`${set}\`, named by the setting nixlint.server.path, is no program that can be run.`
      : 'nixlint: the program `nixlint` is not on PATH. Install it, or name it in the setting nixlint.server.path.';
    this.output.error(message);
    const install = 'How to Install It';
    const settings = 'Open Settings';
    const again = 'Try Again';
    switch (await vscode.window.showErrorMessage(message, install, settings, again)) {
      case install:
        await vscode.env.openExternal(vscode.Uri.parse('https://github.com/nixlint/nixlint#use-it'));
        break;
      case settings:
        await vscode.commands.executeCommand('workbench.action.openSettings', 'nixlint.server.path');
        break;
      case again:
        await this.restart();
        break;
    }
  }
}

// Settings that are not set are left out, so that nixlint.toml is asked.
function initializationOptions(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration('nixlint');
  const out: Record<string, unknown> = {};
  for (const name of forServer) {
    const value = settings.get<unknown>(name);
    if (value !== null && value !== undefined) {
      out[name] = value;
    }
  }
  return out;
}
