// Names of options.

/** Returns what the names of options have in common: a path with a dot at its end, or nothing. */
export function commonPrefix(names: string[]): string {
  let common = names.length > 1 ? names[0] : '';
  for (const name of names) {
    while (!name.startsWith(common)) {
      common = common.slice(0, -1);
    }
  }
  return common.slice(0, common.lastIndexOf('.') + 1);
}
