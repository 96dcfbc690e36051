// What the server's command nixlint.describe returns: see docs/editor.md.
import type { Location } from 'vscode-languageserver-protocol';

export interface Description {
  root: string; // a URI
  hosts: Host[];
  users: User[];
  modules: Module[];
  options: Option[];
}

export interface Host {
  name: string;
  location?: Location;
  modules: string[]; // ids
  own: string[]; // files relative to the root
  users: string[];
  unsure: boolean;
  devices: Device[];
}

export interface User {
  name: string;
  modules: string[]; // ids
  own: string[];
}

export interface Module {
  id: string;
  kind: 'nixos' | 'home';
  state: 'used' | 'unused' | 'unregistered' | 'external';
  file?: string;
  key?: string;
  group: string;
  label: string;
}

export interface Option {
  name: string;
  type?: string;
  file: string;
  location: Location;
}

export interface Device {
  address: string;
  id: string;
  name?: string;
  display: boolean;
  boot: boolean;
  group?: number;
  driver?: string;
}
