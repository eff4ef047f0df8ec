// Package strict reads.
package strict

import _ "gopkg.in/yaml.v3"
