// Reads pieces of Nix with the grammar as the editor does, and checks what the parts are.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';

const require = createRequire(import.meta.url);
const { loadWASM, OnigScanner, OnigString } = require('vscode-oniguruma');
const { Registry, parseRawGrammar, INITIAL } = require('vscode-textmate');

const folder = path.join(import.meta.dirname, '..');
await loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new OnigScanner(patterns),
    createOnigString: (text) => new OnigString(text),
  }),
  loadGrammar: async () => {
    const file = path.join(folder, 'syntaxes', 'nix.tmLanguage.json');
    return parseRawGrammar(readFileSync(file, 'utf8'), file);
  },
});
const grammar = await registry.loadGrammar('source.nix');

/** Returns the tokens of a text, each with its scopes but for that of the whole; neighbours that are the same are one. */
function tokens(text) {
  let state = INITIAL;
  const out = [];
  for (const line of text.split('\n')) {
    const read = grammar.tokenizeLine(line, state);
    state = read.ruleStack;
    const first = out.length;
    for (const t of read.tokens) {
      const [part, scopes] = [line.slice(t.startIndex, t.endIndex), t.scopes.slice(1).join(' ')];
      if (out.length > first && out.at(-1).scopes === scopes) {
        out.at(-1).text += part;
      } else {
        out.push({ text: part, scopes });
      }
    }
  }
  return out;
}

// Each case: Nix, and pairs of a token and a part of its scopes, in their order; '' is no scope.
const cases = {
  'comments': ['# a\n/* b */ /** c */ 1', ['# a'.slice(1), 'comment.line', '/* b */', 'comment.block.nix', '/** c */', 'comment.block.documentation', '1', 'numeric.integer']],
  'strings': ['"a\\n${b}$${c}"', ['a', 'string.quoted.double', '\\n', 'escape', '${', 'embedded.begin', 'b', 'variable.other', '}', 'embedded.end', '$${c}', 'string.quoted.double']],
  'sets in strings': ['"${f { a = "}"; }}" x', ['a', 'attribute-name', '}', 'string.quoted.double', '}', 'braces.end', '}', 'embedded.end', '"', 'string.end', 'x', 'variable.other']],
  'indented strings': ["''\n a ''${b} ''' $${c} ''\\n ${d} ''; x", [" a ", 'indented', "''$", 'escape', "'''", 'escape', "''\\n", 'escape', 'd', 'variable.other', "''", 'string.end', ';', 'terminator', 'x', 'variable.other']],
  'paths': ['[ ./a/b.nix ../c ~/d /e/f a/b ./x/${y}/z.nix <nixpkgs/lib> ]', ['./a/b.nix', 'path', '../c', 'path', '~/d', 'path', '/e/f', 'path', 'a/b', 'path', './x/', 'path', 'y', 'variable', '/z.nix', 'path', '<nixpkgs/lib>', 'search-path', ']', 'brackets.end']],
  'operators': ['a // b / c ++ d -> e == f || !g && h <= 1.5 |> i', ['//', 'update', '/', 'arithmetic', '++', 'concatenation', '->', 'logical', '==', 'comparison', '||', 'logical', '!', 'logical', '&&', 'logical', '<=', 'comparison', '1.5', 'float', '|>', 'pipe']],
  'uris': ['https://example.org/a?b=c', ['https://example.org/a?b=c', 'uri']],
  'functions': ['args@{ config, lib ? null, pkgs, ... }: x: y', ['args', 'parameter', 'config', 'parameter', 'lib', 'parameter', '?', 'default', 'null', 'language.null', 'pkgs', 'parameter', '...', 'ellipsis', 'x', 'parameter', 'y', 'variable.other']],
  'functions over lines': ['{\n  config,\n  a ? [ ],\n  pkgs\n}@args:\nx', ['config', 'parameter', 'a', 'parameter', '?', 'default', 'args', 'parameter', 'x', 'variable.other']],
  'attributes': ['{ a.b."c".d = e.f; or = 1; g-h.i = rec { }; }', ['a', 'attribute-name', 'b', 'attribute-name', 'd', 'attribute-name', 'e', 'variable.other', 'f', 'property', 'or', 'attribute-name', 'g-h', 'attribute-name', 'i', 'attribute-name', 'rec', 'keyword']],
  'keywords': ['let a = if b then c else d; in with e; assert f; f.in-g or null', ['let', 'keyword', 'a', 'attribute-name', 'if', 'control', 'then', 'control', 'else', 'control', 'in', 'keyword', 'with', 'keyword', 'assert', 'control', 'in-g', 'property', 'or', 'operator.or', 'null', 'null']],
  'inherit': ['{ inherit (lib) mkIf or; a = b; }', ['inherit', 'keyword', 'lib', 'variable', 'mkIf', 'readwrite', 'a', 'attribute-name', 'b', 'variable.other']],
  'builtins': ['builtins.readFile (toString true) x.map', ['builtins', 'class.builtins', 'readFile', 'function.builtin', 'toString', 'function.builtin', 'true', 'boolean', 'map', 'property']],
};

for (const [name, [text, expected]] of Object.entries(cases)) {
  test(name, () => {
    const read = tokens(text);
    let at = 0;
    for (let i = 0; i < expected.length; i += 2) {
      const found = read.findIndex((t, j) => j >= at && t.text.trim() === expected[i].trim());
      assert.notEqual(found, -1, `\`${expected[i]}\` is no token of ${JSON.stringify(read.slice(at))}`);
      assert.ok(read[found].scopes.includes(expected[i + 1]), `\`${expected[i]}\` is ${read[found].scopes}, want ${expected[i + 1]}`);
      at = found + 1;
    }
  });
}

// Whatever is opened in a file of the example repository is closed at its end.
test('whole files end as they begin', () => {
  const root = path.join(folder, '..', '..', 'testdata', 'repos', 'example');
  const files = readdirSync(root, { recursive: true }).filter((f) => f.endsWith('.nix'));
  assert.ok(files.length > 50);
  for (const file of files) {
    let state = INITIAL;
    for (const line of readFileSync(path.join(root, file), 'utf8').split('\n')) {
      state = grammar.tokenizeLine(line, state).ruleStack;
    }
    assert.equal(state.depth, 1, `${file} leaves ${state.depth - 1} open`);
  }
});
