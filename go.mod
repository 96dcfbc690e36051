module github.com/nixlint/nixlint

go 1.26.0

require (
	github.com/orivej/go-nix v0.0.0-20180830055821-dae45d921a44 // indirect
	golang.org/x/tools v0.52.0 // indirect
)
