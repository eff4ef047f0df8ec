package report

import (
	"math"
	"sync"
)

var once sync.Once

func order(m map[string]float64) (sum float64) {
	for _, v := range m { // want map
		sum += v*v + math.Log(v)
	}
	return sum
}
