// The tree of hosts, the modules they import, and the options that these declare.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Description, Host, Module, Option, User } from './description';
import { commonPrefix } from './names';
import type { Repositories } from './repositories';

export type Node =
  | { kind: 'repository'; of: Description }
  | { kind: 'host'; of: Description; host: Host }
  | { kind: 'user'; of: Description; user: User }
  | { kind: 'file'; of: Description; file: string }
  | { kind: 'module'; of: Description; module: Module }
  | { kind: 'unused'; of: Description; modules: Module[] }
  | { kind: 'option'; of: Description; option: Option; label: string };

/** Returns the URI of a file of a repository. */
export function fileUri(of: Description, file: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.parse(of.root), file);
}

export class Tree implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly repositories: Repositories) {
    repositories.onDidChange(() => this.changed.fire());
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      const all = await this.repositories.all();
      return all.length > 1 ? all.map((of) => ({ kind: 'repository', of })) : all.flatMap(top);
    }
    switch (node.kind) {
      case 'repository':
        return top(node.of);
      case 'host':
        return [...files(node.of, node.host.own), ...homes(node.of, node.host), ...modules(node.of, node.host.modules)];
      case 'user':
        return [...files(node.of, node.user.own), ...modules(node.of, node.user.modules)];
      case 'unused':
        return node.modules.map((module) => ({ kind: 'module', of: node.of, module }));
      case 'file':
        return options(node.of, node.file);
      case 'module':
        return options(node.of, node.module.file);
      case 'option':
        return [];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const item = this.item(node);
    item.contextValue = node.kind;
    return item;
  }

  /** Fills in what takes time: an option's tooltip is what hovering over its declaration tells. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind === 'option') {
      const { uri, range } = node.option.location;
      const at = new vscode.Position(range.end.line, Math.max(range.end.character - 1, 0));
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', vscode.Uri.parse(uri), at);
      const text = hovers
        .flatMap((h) => h.contents)
        .map((c) => (typeof c === 'string' ? c : c.value))
        .join('\n\n');
      item.tooltip = text === '' ? node.option.name : new vscode.MarkdownString(text);
    }
    return item;
  }

  private item(node: Node): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    switch (node.kind) {
      case 'repository': {
        const item = new vscode.TreeItem(path.posix.basename(vscode.Uri.parse(node.of.root).path), Expanded);
        item.iconPath = new vscode.ThemeIcon('repo');
        return item;
      }
      case 'host': {
        const item = new vscode.TreeItem(node.host.name, Collapsed);
        item.iconPath = new vscode.ThemeIcon('vm');
        const count = node.host.modules.length;
        item.description = (count === 1 ? '1 module' : `${count} modules`) + (node.host.unsure ? ' and unknown ones' : '');
        item.tooltip = node.host.unsure ? `${node.host.name} imports modules that could not be evaluated` : node.host.name;
        const main = node.host.own.find((f) => f.endsWith(`/${node.host.name}/default.nix`)) ?? node.host.own[0];
        if (main !== undefined) {
          item.command = open(fileUri(node.of, main));
        } else if (node.host.location !== undefined) {
          item.command = open(vscode.Uri.parse(node.host.location.uri), node.host.location.range);
        }
        return item;
      }
      case 'user': {
        const item = new vscode.TreeItem(node.user.name, Collapsed);
        item.iconPath = new vscode.ThemeIcon('person');
        item.description = 'home';
        return item;
      }
      case 'file': {
        const item = new vscode.TreeItem(path.posix.basename(node.file), options(node.of, node.file).length > 0 ? Collapsed : None);
        item.resourceUri = fileUri(node.of, node.file);
        item.iconPath = vscode.ThemeIcon.File;
        item.description = path.posix.dirname(node.file);
        item.command = open(item.resourceUri);
        return item;
      }
      case 'module': {
        const { module } = node;
        const declares = options(node.of, module.file).length;
        const item = new vscode.TreeItem(module.label, declares > 0 ? Collapsed : None);
        item.iconPath = new vscode.ThemeIcon(module.state === 'external' ? 'package' : 'symbol-module');
        item.description = module.group;
        item.tooltip = [module.key, module.file ?? module.id].filter(Boolean).join('\n');
        if (module.file !== undefined) {
          item.command = open(fileUri(node.of, module.file));
        }
        return item;
      }
      case 'unused': {
        const item = new vscode.TreeItem('not used by any host', Collapsed);
        item.iconPath = new vscode.ThemeIcon('circle-slash');
        item.description = String(node.modules.length);
        return item;
      }
      case 'option': {
        const item = new vscode.TreeItem(node.label, None);
        item.iconPath = new vscode.ThemeIcon('symbol-property');
        item.description = node.option.type;
        item.command = open(vscode.Uri.parse(node.option.location.uri), node.option.location.range);
        return item;
      }
    }
  }
}

function top(of: Description): Node[] {
  const unused = of.modules.filter((m) => m.state === 'unused');
  return [
    ...of.hosts.map((host): Node => ({ kind: 'host', of, host })),
    ...(unused.length > 0 ? [{ kind: 'unused', of, modules: unused } as const] : []),
  ];
}

function files(of: Description, list: string[]): Node[] {
  return list.map((file) => ({ kind: 'file', of, file }));
}

function homes(of: Description, host: Host): Node[] {
  return of.users.filter((u) => host.users.includes(u.name)).map((user) => ({ kind: 'user', of, user }));
}

function modules(of: Description, ids: string[]): Node[] {
  return of.modules.filter((m) => ids.includes(m.id)).map((module) => ({ kind: 'module', of, module }));
}

function options(of: Description, file: string | undefined): Node[] {
  const declared = of.options.filter((o) => o.file === file);
  const common = commonPrefix(declared.map((o) => o.name));
  return declared.map((option) => ({ kind: 'option', of, option, label: option.name.slice(common.length) }));
}

function open(uri: vscode.Uri, range?: { start: { line: number; character: number }; end: { line: number; character: number } }): vscode.Command {
  const selection = range && new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  return { command: 'vscode.open', title: 'Open', arguments: [uri, { selection }] };
}
