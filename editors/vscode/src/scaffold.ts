// The commands that make something. They ask, let the server plan and edit, save what was
// made, and show it.
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Description, Host } from './description';
import { checkCores, checkDisk, checkMemory, checkModule, checkName, deviceChoices, mebibytes, newName } from './answers';
import { Questions, type Choice } from './questions';
import type { Repositories } from './repositories';
import type { Server } from './server';
import { fileUri } from './tree';

/** What the server's commands return. */
interface Outcome {
  applied: boolean;
  files: string[] | null;
  notes: string[] | null;
}

/** What a command is about, if it is chosen in the tree (a node of it) or above a line of code. */
export interface Given {
  uri?: string; // a file of the repository
  of?: Description;
  host?: Host;
  kind?: string; // of a module: nixos or home
}

export class Scaffold {
  constructor(
    private readonly server: Server,
    private readonly repositories: Repositories,
  ) {}

  async newHost(given: Given): Promise<void> {
    const of = await this.repository(given);
    const ask = new Questions('New host', 4);
    const name = await ask.text('Name of the host', newName('host', of.hosts), 'attic');
    const users = await ask.some('Users of the host', named(of.users));
    const modules = await ask.some('Modules that it imports', registered(of, 'nixos'));
    const disk = await ask.text('Drive to install on; may be left empty', checkDisk, '/dev/disk/by-id/nvme-…');
    await this.make(of, 'nixlint.newHost', name, { name, users, modules, disk });
  }

  async newUser(given: Given): Promise<void> {
    const of = await this.repository(given);
    const ask = new Questions('New user', 4);
    const name = await ask.text('Name of the account', newName('user', of.users), 'mira');
    const description = await ask.text('Full name; may be left empty', () => undefined);
    const groups = await ask.text('Further groups, separated by commas; may be left empty', () => undefined, 'wheel, networkmanager');
    const hosts = await ask.some('Hosts that get the account', named(of.hosts));
    await this.make(of, 'nixlint.newUser', name, { name, description, groups: list(groups), hosts });
  }

  async newModule(given: Given): Promise<void> {
    const of = await this.repository(given);
    const ask = new Questions('New module', 3);
    const kinds: Choice<string>[] = [
      { label: 'nixos', description: 'for systems', value: 'nixos' },
      { label: 'home', description: 'for homes, by home-manager', value: 'home' },
    ];
    if (given.kind === 'home') {
      kinds.reverse();
    }
    const kind = await ask.one('Whose module is it?', kinds);
    const name = await ask.text('Name of the module, as category/feature', checkModule, 'services/media-server');
    const importers = kind === 'nixos' ? of.hosts : of.users;
    const nowhere: Choice<string> = { label: 'Import it nowhere yet', value: '' };
    const choices = [nowhere, ...named(importers)];
    const preferred = choices.findIndex((c) => c.value === given.host?.name);
    if (kind === 'nixos' && preferred > 0) {
      choices.unshift(...choices.splice(preferred, 1));
    }
    const importIn = await ask.one(kind === 'nixos' ? 'Host that imports it' : 'User who imports it', choices);
    await this.make(of, 'nixlint.newModule', path.posix.basename(name), { kind, name, importIn });
  }

  async newVm(given: Given): Promise<void> {
    const of = await this.repository(given);
    const on = given.host ?? (await new Questions('New virtual machine', 1).one('Host of the virtual machine', named(of.hosts, of.hosts)));
    const ask = new Questions(`New virtual machine on ${on.name}`, 4);
    const name = await ask.text('Name of the virtual machine', checkName, 'windows11');
    const memory = await ask.text('Memory', checkMemory, undefined, '8G');
    const cores = await ask.text('Cores', checkCores, undefined, '4');
    const gpu = await ask.one('Graphics card that it gets for itself', deviceChoices(on.devices));
    await this.make(of, 'nixlint.newVm', name, { name, host: on.name, memory: mebibytes(memory), cores: Number(cores), gpu });
  }

  async snapshotMachine(given: Given): Promise<void> {
    const of = await this.repository(given);
    const here = os.hostname().split('.')[0];
    const ask = new Questions('Record this machine', 1);
    const choices = named(of.hosts).map((c) => (c.value === here ? { ...c, description: 'this machine by its name' } : c));
    const name = given.host?.name ?? (await ask.one('Host of the flake that this machine is', choices));
    await this.make(of, 'nixlint.snapshotMachine', name, { host: name });
  }

  /** Returns the repository that is meant: the one given, the only one, that of the file in front, or one that is asked for. */
  async repository(given: Given): Promise<Description> {
    if (given.of !== undefined) {
      return given.of;
    }
    const all = await this.repositories.all();
    if (all.length === 0) {
      throw new Error(
        this.server.state === 'running' ? 'open the folder with your flake.nix first' : 'the server is not running: restart it, or see its output',
      );
    }
    const front = given.uri !== undefined ? vscode.Uri.parse(given.uri) : vscode.window.activeTextEditor?.document.uri;
    const holds = (d: Description): boolean => front?.fsPath.startsWith(vscode.Uri.parse(d.root).fsPath + path.sep) === true;
    const around = all.length === 1 ? all[0] : all.find(holds);
    return around ?? (await new Questions('Repository', 1).one('Which repository?', all.map((d) => ({ label: vscode.Uri.parse(d.root).fsPath, value: d }))));
  }

  private async make(of: Description, command: string, name: string, args: object): Promise<void> {
    const dirty = new Set(vscode.workspace.textDocuments.filter((d) => d.isDirty).map((d) => d.uri.toString()));
    const outcome = await this.server.execute<Outcome>(command, of.root, args);
    const files = outcome.files ?? [];
    if (outcome.applied) {
      for (const file of files) {
        const document = await vscode.workspace.openTextDocument(fileUri(of, file));
        if (document.isDirty && !dirty.has(document.uri.toString())) {
          await document.save(); // texts that were not saved before are their author's to save
        }
      }
    }
    this.repositories.refresh();
    const main = files.find((f) => f.endsWith(`/${name}/default.nix`)) ?? files.find((f) => f.endsWith(`/${name}.nix`)) ?? files[0];
    if (main !== undefined) {
      await vscode.window.showTextDocument(fileUri(of, main));
    }
    const notes = outcome.notes ?? [];
    this.server.output.info([files.join(', '), ...notes].join('\n'));
    const text = files.length > 0 ? `${files[0]}${files.length > 1 ? ` and ${files.length - 1} more` : ''}` : '';
    const said = [outcome.applied ? `made ${text}` : text, ...notes].filter((part) => part !== '');
    void vscode.window.showInformationMessage(`nixlint: ${said.join('; ')}`);
  }
}

function named(things: { name: string }[]): Choice<string>[];
function named<T extends { name: string }>(things: T[], values: T[]): Choice<T>[];
function named(things: { name: string }[], values?: unknown[]): Choice<unknown>[] {
  return things.map((t, i) => ({ label: t.name, value: values ? values[i] : t.name }));
}

function registered(of: Description, kind: 'nixos' | 'home'): Choice<string>[] {
  return of.modules.flatMap((m) => (m.kind === kind && m.key !== undefined ? [{ label: m.key, description: m.file, value: m.key }] : []));
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
