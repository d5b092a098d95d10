// Package shell is the guest's side of interactive shells: a command's streams as messages on a WebSocket.
package shell

import (
	"encoding/binary"
	"fmt"

	"tinsmith/guest/internal/process"
)

// Message is what either side sends: one binary WebSocket message.
type Message struct {
	Type    Type
	Stream  Stream       // of Data and Ack
	Payload []byte       // of Data; none is the end of the stream
	Count   uint32       // of Ack: so many bytes of the stream were consumed
	Size    process.Size // of Size
	Success bool         // of Exit
}

// Type is a message's first byte.
type Type byte

const (
	Data  Type = 0
	Ack   Type = 1
	Size  Type = 3 // of the terminal; to the guest
	Abort Type = 4 // kill the command; to the guest
	Exit  Type = 5 // the command has ended, and all its output was sent; from the guest
)

// Stream is one of the command's standard files. With a terminal, Stderr has nothing but an end.
type Stream byte

const (
	Stdin  Stream = 0
	Stdout Stream = 1
	Stderr Stream = 2
)

// Encode returns the message's bytes.
func (m Message) Encode() []byte {
	bytes := []byte{byte(m.Type)}
	switch m.Type {
	case Data:
		bytes = append(append(bytes, byte(m.Stream)), m.Payload...)
	case Ack:
		bytes = binary.BigEndian.AppendUint32(append(bytes, byte(m.Stream)), m.Count)
	case Size:
		bytes = binary.BigEndian.AppendUint16(bytes, m.Size.Columns)
		bytes = binary.BigEndian.AppendUint16(bytes, m.Size.Rows)
	case Exit:
		failure := byte(1)
		if m.Success {
			failure = 0
		}
		bytes = append(bytes, failure)
	}
	return bytes
}

// Decode reads one message; its payload lies in the given bytes. A message without bytes, or of a type that isn't known,
// is to be ignored: then isKnown is false. One that lacks its type's form is an error.
func Decode(bytes []byte) (message Message, isKnown bool, err error) {
	if len(bytes) == 0 {
		return Message{}, false, nil
	}
	message.Type = Type(bytes[0])
	data := bytes[1:]
	switch message.Type {
	case Data, Ack:
		if len(data) == 0 || data[0] > byte(Stderr) {
			return Message{}, true, fmt.Errorf("a message of type %d is for no known stream", message.Type)
		}
		message.Stream = Stream(data[0])
	}
	if form, hasForm := lengths[message.Type]; hasForm && len(data) != form {
		// Older guests send Exit by the number of Size, which has four bytes.
		if message.Type != Size || len(data) != lengths[Exit] {
			return Message{}, true, fmt.Errorf("a message of type %d has %d bytes of data, not %d", message.Type, len(data), form)
		}
		message.Type = Exit
	}
	switch message.Type {
	case Data:
		message.Payload = data[1:]
	case Ack:
		message.Count = binary.BigEndian.Uint32(data[1:])
	case Size:
		message.Size = process.Size{Columns: binary.BigEndian.Uint16(data), Rows: binary.BigEndian.Uint16(data[2:])}
	case Exit:
		message.Success = data[0] == 0
	case Abort:
	default:
		return Message{}, false, nil
	}
	return message, true, nil
}

// lengths is how many bytes follow the type, where that is fixed.
var lengths = map[Type]int{Ack: 1 + 4, Size: 2 + 2, Abort: 0, Exit: 1}
