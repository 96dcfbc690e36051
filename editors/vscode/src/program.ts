// Finds the program nixlint.
import { constants, promises as fs } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** Returns the program that the settings name, or the one on PATH; undefined if there is none. */
export async function findProgram(): Promise<string | undefined> {
  const set = configuredProgram();
  if (set !== '') {
    return (await isExecutable(set)) ? set : undefined;
  }
  const names = process.platform === 'win32' ? ['nixlint.exe'] : ['nixlint'];
  // Programs that Nix and Go install are not always on the PATH that a desktop gives to an editor.
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    path.join(os.homedir(), '.nix-profile', 'bin'),
    `/etc/profiles/per-user/${os.userInfo().username}/bin`,
    '/run/current-system/sw/bin',
    path.join(os.homedir(), 'go', 'bin'),
  ];
  for (const folder of folders.filter((f) => path.isAbsolute(f))) {
    for (const name of names) {
      const program = path.join(folder, name);
      if (await isExecutable(program)) {
        return program;
      }
    }
  }
  return undefined;
}

/** Returns what nixlint.server.path says, with its variables replaced; empty for nothing. */
export function configuredProgram(): string {
  const set = vscode.workspace.getConfiguration('nixlint').get('server.path', '').trim();
  return set
    .replace(/^~(?=[\\/])/, os.homedir())
    .replaceAll('${workspaceFolder}', vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '');
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
