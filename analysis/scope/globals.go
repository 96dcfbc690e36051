package scope

import (
	"slices"
	"strings"
)

// Builtin says how a builtin can be named.
type Builtin uint8

// The ways of naming a builtin.
const (
	NoBuiltin Builtin = iota
	// Prefixed builtins are reached as `builtins.x` (and as `__x`).
	Prefixed
	// Global builtins are reached as `x` too.
	Global
	// Constant is a Global that is a value rather than a function, as `true`.
	Constant
	// Foreign builtins exist in other implementations or with plugins only.
	Foreign
)

// builtins holds every attribute of `builtins`. The list is that of Nix 2.36
// (src/libexpr/primops.cc, primops/, and libflake), with what needs an
// experimental feature or a setting.
var builtins = func() map[string]Builtin {
	table := make(map[string]Builtin)
	for kind, names := range map[Builtin][]string{
		Constant: {"builtins", "derivation", "false", "null", "true"},
		Global: {
			"abort", "baseNameOf", "break", "derivationStrict", "dirOf", "fetchGit", "fetchMercurial", "fetchTarball",
			"fetchTree", "fromTOML", "import", "isNull", "map", "placeholder", "removeAttrs", "scopedImport", "throw",
			"toString",
		},
		Prefixed: {
			"add", "addDrvOutputDependencies", "addErrorContext", "all", "any", "appendContext", "attrNames",
			"attrValues", "bitAnd", "bitOr", "bitXor", "catAttrs", "ceil", "compareVersions", "concatLists",
			"concatMap", "concatStringsSep", "convertHash", "currentSystem", "currentTime", "deepSeq", "div", "elem",
			"elemAt", "exec", "fetchClosure", "fetchurl", "filter", "filterSource", "findFile", "flakeRefToString",
			"floor", "foldl'", "fromJSON", "functionArgs", "genList", "genericClosure",
			"getAttr", "getContext", "getEnv", "getFlake", "groupBy", "hasAttr", "hasContext", "hashFile",
			"hashString", "head", "importNative", "intersectAttrs", "isAttrs", "isBool", "isFloat", "isFunction",
			"isInt", "isList", "isPath", "isString", "langVersion", "length", "lessThan", "listToAttrs", "mapAttrs",
			"match", "mul", "nixPath", "nixVersion", "outputOf", "parseDrvName", "parseFlakeRef", "partition", "path",
			"pathExists", "readDir", "readFile", "readFileType", "replaceStrings", "seq", "sort", "split",
			"splitVersion", "storeDir", "storePath", "stringLength", "sub", "substring", "tail", "toFile", "toJSON",
			"toPath", "toXML", "trace", "traceVerbose", "tryEval", "typeOf", "unsafeDiscardOutputDependency",
			"unsafeDiscardStringContext", "unsafeGetAttrPos", "warn", "zipAttrsWith",
		},
		Foreign: {
			"filterAttrs", "parallel", "wasm", // Determinate Nix
			"fetchFinalTree", "unsafeGetLambdaDoc", // internal
			"nix-plugins-version", "extraBuiltins", // the nix-plugins collection
		},
	} {
		for _, name := range names {
			table[name] = kind
		}
	}
	return table
}()

// BuiltinOf returns how the attribute of `builtins` with the given name can be
// used, NoBuiltin if there is none.
func BuiltinOf(name string) Builtin { return builtins[name] }

// IsGlobal reports whether a name means something everywhere: `map`,
// `builtins`, and all builtins with `__` in front.
func IsGlobal(name string) bool {
	switch builtins[name] {
	case Global, Constant:
		return true
	}
	if bare, ok := strings.CutPrefix(name, "__"); ok {
		switch builtins[bare] {
		case Prefixed, Foreign:
			return true
		}
	}
	return false
}

// BuiltinNames returns the names of all builtins of Nix, sorted.
func BuiltinNames() []string {
	names := make([]string, 0, len(builtins))
	for name, kind := range builtins {
		if kind != Foreign {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
