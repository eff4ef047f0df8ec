// Package export writes runs for other tools.
package export
