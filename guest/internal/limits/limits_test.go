package limits

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

func TestTheGuestToolsKeepToTheLimitsOfTheProtocolAsTheHostDoes(t *testing.T) {
	text, err := os.ReadFile("../../../tests/fixtures/guest-protocol/limits.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixture map[string]int64
	if err := json.Unmarshal(text, &fixture); err != nil {
		t.Fatal(err)
	}
	own := Default()
	limits := map[string]int64{
		"requestPatience":    own.Request.Milliseconds(),
		"pollPatience":       own.Poll.Milliseconds(),
		"replyStallTimeout":  own.Artifact.Milliseconds(),
		"folderListingBytes": int64(own.Listing),
		"shellPingInterval":  own.Shell.Ping.Milliseconds(),
		"shellPongTimeout":   own.Shell.Pong.Milliseconds(),
		"shellWriteTimeout":  own.Shell.Write.Milliseconds(),
		"shellWindowBytes":   int64(own.Shell.Window),
		"shellBlockBytes":    int64(own.Shell.Block),
		"shellMessageBytes":  int64(own.Shell.Message),
	}
	if !reflect.DeepEqual(limits, fixture) {
		t.Fatalf("got %v, expected %v", limits, fixture)
	}
}
