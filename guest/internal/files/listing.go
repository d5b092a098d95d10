package files

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// List lists the plain files in a folder and below by their absolute paths, as the JSON of a reply to list-folder. A
// plain file is listed itself. Links are not followed, as with find(1): a link that is the given path has no files,
// unless a slash follows it. Folders that can't be read are left out; a path that can't be read is not found. Bytes
// of names that aren't UTF-8 become U+FFFD.
//
// A listing that would have more than limit bytes ends after them: it has more, so that the service refuses it.
func List(path string, limit int) []byte {
	l := &listing{limit: limit}
	l.encoder = json.NewEncoder(&l.text)
	l.encoder.SetEscapeHTML(false)

	l.text.WriteString(`{"files":[`)
	isFound := l.addPath(path)
	fmt.Fprintf(&l.text, `],"notFound":%t}`, !isFound)
	return l.text.Bytes()
}

// listing is the JSON of a listing while it grows.
type listing struct {
	text    bytes.Buffer
	encoder *json.Encoder // to text
	limit   int           // bytes
	isBegun bool          // it has a file
}

// addPath adds what the service asked for, and tells whether that is there.
func (l *listing) addPath(path string) bool {
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	if path, err = filepath.Abs(path); err != nil {
		return false
	}
	if info.IsDir() {
		return l.addFolder(path) == nil
	}
	if info.Mode().IsRegular() {
		l.addFile(path)
	}
	return true
}

// addFolder adds what is in a folder and below. The error is that of opening the folder.
func (l *listing) addFolder(path string) error {
	entries, err := l.readFolder(path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if l.isFull() {
			break
		}
		switch below := filepath.Join(path, entry.Name()); {
		case entry.IsDir():
			_ = l.addFolder(below)
		case entry.Type().IsRegular():
			l.addFile(below)
		}
	}
	return nil
}

// readFolder returns what is in a folder, in order. It stops early when that is too much for the listing anyway.
func (l *listing) readFolder(path string) ([]fs.DirEntry, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	var entries []fs.DirEntry
	for room := l.limit - l.text.Len(); room >= 0; {
		some, err := folder.ReadDir(1000)
		entries = append(entries, some...)
		for _, entry := range some {
			if entry.Type().IsRegular() {
				room -= len(path) + len(entry.Name()) + len(`""`) // at least
			}
		}
		if err != nil {
			break // mostly the folder's end; otherwise the rest can't be read
		}
	}
	sort.Slice(entries, func(a, b int) bool { return entries[a].Name() < entries[b].Name() })
	return entries, nil
}

func (l *listing) addFile(path string) {
	if l.isBegun {
		l.text.WriteByte(',')
	}
	l.isBegun = true
	_ = l.encoder.Encode(path) // a string can't fail; ends in a line feed
	l.text.Truncate(l.text.Len() - 1)
}

func (l *listing) isFull() bool {
	return l.text.Len() > l.limit
}
