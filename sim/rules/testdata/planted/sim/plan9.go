//go:build plan9

package sim // want types
