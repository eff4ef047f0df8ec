package scenarios

import "meshsim/scenarios/strict"

// SchemaID names the schema of scenario files.
const SchemaID = "urn:meshsim:scenario:1"

// Schema is a JSON Schema (draft 2020-12) of scenario files. Editors that are
// given it complete and check scenarios while they are written.
func Schema() []byte {
	return strict.Schema(&Scenario{}, SchemaID, "scenario of meshsim")
}

// Resolved is the scenario as YAML with everything that was left out written
// down. It reads back to the same runs. Files that it names are still looked
// for beside the scenario.
func (s *Scenario) Resolved() []byte { return strict.Format(s) }
