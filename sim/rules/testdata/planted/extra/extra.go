// Package extra has no place.
package extra // want layer
