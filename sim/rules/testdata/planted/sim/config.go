package sim

import (
	"meshsim/protocols/draw"
	_ "meshsim/protocols/task" // want layer
)

// Config declares a run.
type Config struct{ Loss draw.Probability }
