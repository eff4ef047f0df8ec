// Package sim breaks the rules of determinism.
package sim
