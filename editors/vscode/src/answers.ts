// What answers must look like, as far as an editor can tell: the server checks them all.
import type { Device } from './description';

/** Returns a check of the name of something that is not among others. */
export function newName(what: string, others: { name: string }[]): (name: string) => string | undefined {
  return (name) => checkName(name) ?? (others.some((o) => o.name === name) ? `the ${what} ${name} exists already` : undefined);
}

export function checkName(name: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? undefined : 'a name has letters, digits, - and _, and begins with a letter';
}

export function checkModule(name: string): string | undefined {
  const parts = name.split('/');
  return parts.length > 1 && parts.every((p) => checkName(p) === undefined) ? undefined : 'write category/feature, such as services/media-server';
}

export function checkDisk(name: string): string | undefined {
  return name === '' || /^\/dev\/\S+$/.test(name) ? undefined : 'name a device, such as /dev/disk/by-id/nvme-Example';
}

/** Returns a size of memory, written as 8192, 8192M or 8G, in MiB; undefined if it is none. */
export function mebibytes(text: string): number | undefined {
  const match = /^([1-9][0-9]*)([MG]?)$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 'G' ? 1024 : 1) : undefined;
}

export function checkMemory(text: string): string | undefined {
  return mebibytes(text) === undefined ? 'write 8192 for MiB, or 8G' : undefined;
}

export function checkCores(text: string): string | undefined {
  return /^[1-9][0-9]{0,3}$/.test(text) ? undefined : 'write how many cores it gets';
}

/** Returns the graphics cards of a machine that a guest may get, and that it may get none. */
export function deviceChoices(devices: Device[]): { label: string; description?: string; detail?: string; value: string }[] {
  const cards = devices.filter((d) => d.display);
  const out: ReturnType<typeof deviceChoices> = [{ label: 'None', description: 'it is seen through a window of the host', value: '' }];
  if (cards.length > 1) {
    out.push({ label: 'Automatic', description: 'the card on which the host does not start', value: 'auto' });
  }
  for (const card of cards) {
    const facts = [`[${card.id}]`];
    if (card.group !== undefined) {
      facts.push(`IOMMU group ${card.group}`);
    }
    if (card.driver) {
      facts.push(`driver ${card.driver}`);
    }
    if (card.boot) {
      facts.push('the host starts on it');
    }
    out.push({ label: card.name ?? 'graphics card', description: card.address, detail: facts.join(', '), value: card.address });
  }
  if (devices.length === 0) {
    out[0].detail = 'The machine of this host is not known: nixlint: Record This Machine, on that machine, tells its graphics cards.';
  }
  return out;
}
