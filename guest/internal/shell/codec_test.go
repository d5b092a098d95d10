package shell_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/shell"
)

// fixture is a message as the fixtures, which are shared with the host's own tests, have it.
type fixture struct {
	Name    string
	Bytes   hexadecimal
	Lenient bool // it is read so, and written otherwise
	Error   bool
	Message *struct {
		Type    string
		Stream  string
		Payload hexadecimal
		Bytes   uint32
		Columns uint16
		Rows    uint16
		Success bool
	}
}

type hexadecimal string

func (h hexadecimal) bytes(t *testing.T) []byte {
	t.Helper()
	bytes, err := hex.DecodeString(strings.ReplaceAll(string(h), " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

var types = map[string]shell.Type{
	"data": shell.Data, "ack": shell.Ack, "size": shell.Size, "abort": shell.Abort, "exit": shell.Exit,
}

var streams = map[string]shell.Stream{"": 0, "stdin": shell.Stdin, "stdout": shell.Stdout, "stderr": shell.Stderr}

// message is what a fixture's bytes mean.
func (f fixture) message(t *testing.T) shell.Message {
	kind, isType := types[f.Message.Type]
	stream, isStream := streams[f.Message.Stream]
	if !isType || !isStream {
		t.Fatalf("the fixture has a message of type %q for stream %q", f.Message.Type, f.Message.Stream)
	}
	return shell.Message{
		Type:    kind,
		Stream:  stream,
		Payload: f.Message.Payload.bytes(t),
		Count:   f.Message.Bytes,
		Size:    process.Size{Columns: f.Message.Columns, Rows: f.Message.Rows},
		Success: f.Message.Success,
	}
}

func TestTheFixturesOfShellsAreReadAndWritten(t *testing.T) {
	text, err := os.ReadFile("../../../tests/fixtures/guest-protocol/shell.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixtures []fixture
	if err := json.Unmarshal(text, &fixtures); err != nil {
		t.Fatal(err)
	}
	if len(fixtures) == 0 {
		t.Fatal("there are no fixtures")
	}
	for _, fixture := range fixtures {
		t.Run(fixture.Name, func(t *testing.T) {
			wire := fixture.Bytes.bytes(t)
			got, isKnown, err := shell.Decode(wire)
			if (err != nil) != fixture.Error {
				t.Fatalf("got the error %v", err)
			}
			if fixture.Error {
				return
			}
			if isKnown != (fixture.Message != nil) {
				t.Fatalf("isKnown is %t", isKnown)
			}
			if !isKnown {
				return
			}
			want := fixture.message(t)
			if len(got.Payload) == 0 && len(want.Payload) == 0 {
				got.Payload = want.Payload
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("read %+v, expected %+v", got, want)
			}
			if !fixture.Lenient && !bytes.Equal(want.Encode(), wire) {
				t.Fatalf("wrote % x", want.Encode())
			}
		})
	}
}

func FuzzWhatIsReadIsWrittenTheSame(f *testing.F) {
	for kind := byte(0); kind < 8; kind++ {
		for length := 0; length < 8; length++ {
			f.Add(append([]byte{kind}, bytes.Repeat([]byte{2}, length)...))
		}
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		message, isKnown, err := shell.Decode(wire)
		if !isKnown || err != nil || message.Type == shell.Exit { // Exit has several forms
			return
		}
		if !bytes.Equal(message.Encode(), wire) {
			t.Fatalf("% x was read as %+v", wire, message)
		}
	})
}
