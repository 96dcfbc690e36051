package flake

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"github.com/orivej/go-nix/nix/nixhash"
)

// StoreDir is where Nix keeps what it has fetched and built.
const StoreDir = "/nix/store"

// StoreName returns the name in the store, HASH-source, of a source with the
// given hash of its files. It is an error if the hash is not a SHA-256 written
// as `sha256-BASE64`.
func StoreName(narHash string) (string, error) {
	encoded, ok := strings.CutPrefix(narHash, "sha256-")
	if !ok {
		return "", fmt.Errorf("the hash `%s` is none of the form `sha256-…`", narHash)
	}
	digest, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(digest) != 32 {
		return "", fmt.Errorf("the hash `%s` is none of the form `sha256-…`", narHash)
	}
	// The path of a folder known by its contents is a hash of its kind, that
	// of its contents, the store's folder and the name.
	text := "source:sha256:" + hex.EncodeToString(digest) + ":" + StoreDir + ":source"
	return nixhash.String(text).Compress(20).String(32) + "-source", nil
}

// storePath returns the path of a source in a store folder, or "".
func storePath(store, narHash string) string {
	name, err := StoreName(narHash)
	if err != nil {
		return ""
	}
	return path.Join(store, name)
}
