// Package task works.
package task
