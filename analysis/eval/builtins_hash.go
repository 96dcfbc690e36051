package eval

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

var hashBuiltins = map[string]builtin{
	"hashString": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		algorithm, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		s, fail := ev.WantString(a[1], at)
		if fail != nil {
			return fail
		}
		return hashOf(algorithm, s, argAt(a[0], at))
	}},
	"hashFile": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		algorithm, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		text, fail := ev.readFile(a[1], at)
		if fail != nil {
			return fail
		}
		return hashOf(algorithm, text, argAt(a[0], at))
	}},
	"convertHash": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		set, fail := ev.WantAttrs(a[0], at)
		if fail != nil {
			return fail
		}
		text := make(map[string]string)
		for _, name := range [...]string{"hash", "toHashFormat", "hashAlgo"} {
			x := set.Get(name)
			if x == nil && name == "hashAlgo" {
				continue
			}
			if x == nil {
				return Mismatch("a string", ev.Select(set, name, at), at)
			}
			if text[name], fail = ev.WantString(x.Value, at); fail != nil {
				return fail
			}
		}
		out, err := convertHash(text["hash"], text["hashAlgo"], text["toHashFormat"])
		if err != nil {
			return Errorf(at, "%s", err)
		}
		return String(out)
	}},
}

// hashSizes are the algorithms with the lengths of their hashes in bytes.
var hashSizes = map[string]int{"md5": md5.Size, "sha1": sha1.Size, "sha256": sha256.Size, "sha512": sha512.Size}

func hashOf(algorithm, s string, at Place) Value {
	switch algorithm {
	case "md5":
		h := md5.Sum([]byte(s))
		return String(hex.EncodeToString(h[:]))
	case "sha1":
		h := sha1.Sum([]byte(s))
		return String(hex.EncodeToString(h[:]))
	case "sha256":
		h := sha256.Sum256([]byte(s))
		return String(hex.EncodeToString(h[:]))
	case "sha512":
		h := sha512.Sum512([]byte(s))
		return String(hex.EncodeToString(h[:]))
	}
	return Errorf(at, "`%s` is not a hash algorithm", algorithm)
}

// convertHash writes a hash in another format. The algorithm may be empty if
// the hash says it.
func convertHash(hash, algorithm, format string) (string, error) {
	data, algorithm, err := parseHash(hash, algorithm)
	if err != nil {
		return "", err
	}
	switch format {
	case "base16":
		return hex.EncodeToString(data), nil
	case "nix32", "base32":
		return nixBase32(data), nil
	case "base64":
		return base64.StdEncoding.EncodeToString(data), nil
	case "sri":
		return algorithm + "-" + base64.StdEncoding.EncodeToString(data), nil
	}
	return "", errors.New("`" + format + "` is not a hash format")
}

func parseHash(hash, algorithm string) (data []byte, name string, err error) {
	rest, isSRI := hash, false
	if i := strings.IndexAny(hash, ":-"); i >= 0 {
		if algorithm != "" && algorithm != hash[:i] {
			return nil, "", errors.New("the hash `" + hash + "` is not of type `" + algorithm + "`")
		}
		algorithm, rest, isSRI = hash[:i], hash[i+1:], hash[i] == '-'
	}
	size, ok := hashSizes[algorithm]
	if !ok {
		return nil, "", errors.New("the hash `" + hash + "` does not say its type")
	}
	switch {
	case !isSRI && len(rest) == hex.EncodedLen(size):
		data, err = hex.DecodeString(rest)
	case !isSRI && len(rest) == nixBase32Len(size):
		data, err = decodeNixBase32(rest, size)
	case len(rest) == base64.StdEncoding.EncodedLen(size):
		data, err = base64.StdEncoding.DecodeString(rest)
	default:
		err = errors.New("wrong length")
	}
	if err != nil || len(data) != size {
		return nil, "", errors.New("the hash `" + hash + "` is not valid for `" + algorithm + "`")
	}
	return data, algorithm, nil
}

// nix32 are the digits of Nix's own base 32, which leaves out e, o, t and u.
const nix32 = "0123456789abcdfghijklmnpqrsvwxyz"

func nixBase32Len(size int) int { return (size*8-1)/5 + 1 }

// nixBase32 writes bytes as Nix does: the last five bits first.
func nixBase32(data []byte) string {
	out := make([]byte, 0, nixBase32Len(len(data)))
	for n := nixBase32Len(len(data)) - 1; n >= 0; n-- {
		i, shift := n*5/8, uint(n*5%8)
		c := uint(data[i]) >> shift
		if i+1 < len(data) {
			c |= uint(data[i+1]) << (8 - shift)
		}
		out = append(out, nix32[c&31])
	}
	return string(out)
}

func decodeNixBase32(s string, size int) ([]byte, error) {
	out := make([]byte, size)
	for n := range len(s) {
		digit := strings.IndexByte(nix32, s[len(s)-1-n])
		if digit < 0 {
			return nil, errors.New("no digit")
		}
		i, shift := n*5/8, uint(n*5%8)
		out[i] |= byte(digit << shift)
		carry := byte(digit >> (8 - shift))
		if i+1 < size {
			out[i+1] |= carry
		} else if carry != 0 {
			return nil, errors.New("too many bits")
		}
	}
	return out, nil
}
