package parser

// Kind is the syntactic class of a node.
type Kind uint8

// The node kinds, each with its children in order. A child written `?` may be
// absent; every other child is there in every tree, if need be as a node of
// KindMissing or KindError.
const (
	// KindError covers tokens that could not be understood; children: whatever
	// could be saved.
	KindError Kind = iota
	// KindMissing stands where an expression or name is missing; no tokens.
	KindMissing

	KindFile // the root: expr, KindError?

	KindIdent      // a use of a variable, or `__curPos`
	KindInt        // decimal integer
	KindFloat      // decimal fraction
	KindURI        // unquoted URI
	KindSearchPath // `<nixpkgs/lib>`
	KindString     // `"…"`; children: KindInterp…
	KindIndString  // `''…''`; children: KindInterp…
	KindPath       // `./a/${b}`; children: KindInterp…
	KindInterp     // `${expr}` in a string, in a path or as an attribute name

	KindParen   // `(expr)`
	KindList    // `[ expr… ]`
	KindAttrSet // `{…}`, `rec {…}`, `let {…}`; children: KindBinding, KindInherit, KindError
	KindLet     // `let … in expr`; children: as KindAttrSet, then the body

	KindBinding     // attrpath `=` value `;`
	KindInherit     // `inherit (from)? names… ;`; children: KindInheritFrom?, attribute names
	KindInheritFrom // `(expr)`
	KindAttrPath    // names joined by dots: KindName, KindString, KindInterp, KindMissing
	KindName        // an identifier that defines or names, and is no variable use

	KindSelect  // expr `.` attrpath, and `or` default: expr, KindAttrPath, expr?
	KindHasAttr // expr `?` attrpath
	KindApply   // function and its arguments: expr, expr…
	KindUnary   // `-` or `!`: expr
	KindBinary  // left operand, right operand

	KindIf     // condition, then, else
	KindWith   // namespace, body
	KindAssert // condition, body

	KindLambda  // parameter (KindName or KindPattern), body
	KindPattern // `{ a, b ? x, ... } @ args`; children: KindFormal…, KindError, and KindName for `@`
	KindFormal  // KindName, default expr?

	kinds
)

var kindNames = [kinds]string{
	KindError: "Error", KindMissing: "Missing", KindFile: "File",
	KindIdent: "Ident", KindInt: "Int", KindFloat: "Float", KindURI: "URI",
	KindSearchPath: "SearchPath", KindString: "String", KindIndString: "IndString",
	KindPath: "Path", KindInterp: "Interp", KindParen: "Paren", KindList: "List",
	KindAttrSet: "AttrSet", KindLet: "Let", KindBinding: "Binding",
	KindInherit: "Inherit", KindInheritFrom: "InheritFrom",
	KindAttrPath: "AttrPath", KindName: "Name", KindSelect: "Select",
	KindHasAttr: "HasAttr", KindApply: "Apply", KindUnary: "Unary",
	KindBinary: "Binary", KindIf: "If", KindWith: "With", KindAssert: "Assert",
	KindLambda: "Lambda", KindPattern: "Pattern", KindFormal: "Formal",
}

// String returns the kind's name without the Kind prefix.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return "Unknown"
}

// KindCount is the number of node kinds, for tables indexed by Kind.
const KindCount = int(kinds)
