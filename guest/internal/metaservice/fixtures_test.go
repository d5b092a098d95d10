package metaservice_test

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

// The fixtures are shared with the service's own tests: what one side writes the other side reads.
func TestTheFixturesOfExecuteAreRead(t *testing.T) {
	text, err := os.ReadFile("../../../tests/fixtures/guest-protocol/execute.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixtures []struct {
		Name   string
		Body   string
		Expect struct {
			Env     map[string]string
			Command []string
		}
	}
	if err := json.Unmarshal(text, &fixtures); err != nil {
		t.Fatal(err)
	}
	if len(fixtures) == 0 {
		t.Fatal("there are no fixtures")
	}
	for _, fixture := range fixtures {
		t.Run(fixture.Name, func(t *testing.T) {
			service := servicetest.Start(t, fixture.Body)
			task, err := metaservice.New(service.Host(), servicetest.Limits()).FetchTask(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if !same(task.Env, fixture.Expect.Env) || !same(task.Command, fixture.Expect.Command) {
				t.Fatalf("got %+v, expected %+v", task, fixture.Expect)
			}
		})
	}
}

// same compares two maps or slices, and takes nil for an empty one.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || reflect.ValueOf(a).Len() == 0 && reflect.ValueOf(b).Len() == 0
}
