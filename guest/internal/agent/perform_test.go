package agent

import (
	"context"
	"log"
	"strings"
	"testing"

	"tinsmith/guest/internal/metaservice"
)

func TestAnActionThatPanicsIsSaidAndSurvived(t *testing.T) {
	var console strings.Builder
	tools := Agent{Logger: log.New(&console, "", 0)} // without a client, no answer can be given
	tools.perform(context.Background(), metaservice.Action{ID: "A", Type: metaservice.GetArtifact})
	if !strings.Contains(console.String(), "action A, get-artifact: runtime error: invalid memory address") {
		t.Fatal(console.String())
	}
}
