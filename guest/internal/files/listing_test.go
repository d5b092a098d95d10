package files_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"tinsmith/guest/internal/files"
	"tinsmith/guest/internal/limits"
)

type listing struct {
	Files    []string
	NotFound bool
}

func list(t *testing.T, path string) (listing, string) {
	t.Helper()
	text := files.List(path, 10<<20)
	var read listing
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return read, string(text)
}

func expectList(t *testing.T, path string, want listing) {
	t.Helper()
	if got, _ := list(t, path); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+q, expected %+q", path, got.Files, want.Files)
	}
}

// The fixtures are shared with the service's own tests: these listings must equal the strict ones.
func TestTheFixturesOfListingsAreWritten(t *testing.T) {
	text, err := os.ReadFile("../../../tests/fixtures/guest-protocol/folder-listing.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixtures []struct {
		Name, Body string
		Expect     listing
	}
	if err := json.Unmarshal(text, &fixtures); err != nil {
		t.Fatal(err)
	}
	strict := 0
	for _, fixture := range fixtures {
		if !strings.HasPrefix(fixture.Name, "strict: ") {
			continue
		}
		strict++
		// A folder whose listing is the fixture's, but for where the folder is.
		folder := filepath.Join(t.TempDir(), "tmp")
		for _, path := range fixture.Expect.Files {
			write(t, filepath.Join(filepath.Dir(folder), path), nil)
		}
		if !fixture.Expect.NotFound {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		_, got := list(t, folder)
		got = strings.ReplaceAll(got, folder+"/", "/tmp/")
		var want, have any
		if err := json.Unmarshal([]byte(fixture.Body), &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(got), &have); err != nil || !reflect.DeepEqual(have, want) {
			t.Errorf("%s: wrote %s, expected %s", fixture.Name, got, fixture.Body)
		}
	}
	if strict == 0 {
		t.Fatal("there are no strict fixtures")
	}
}

func TestAListingHasThePlainFilesBelowInOrder(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"b", "a/z", "a/b/c", "c d", "line\nfeed", "ü", "<&>", "a.txt"} {
		write(t, filepath.Join(folder, name), nil)
	}
	if err := os.Mkdir(filepath.Join(folder, "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	var want listing
	for _, name := range []string{"<&>", "a/b/c", "a/z", "a.txt", "b", "c d", "line\nfeed", "ü"} {
		want.Files = append(want.Files, folder+"/"+name)
	}
	expectList(t, folder, want)
	expectList(t, folder+"/", want)
	if _, text := list(t, folder); !strings.Contains(text, "/<&>") {
		t.Errorf("characters that JSON need not escape are escaped: %s", text)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "real", "file"), nil)
	for name, target := range map[string]string{"link": "real", "loop": ".", "real/up": "..", "dead": "none", "file": "real/file"} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	expectList(t, folder, listing{Files: []string{folder + "/real/file"}})
	for _, name := range []string{"link", "file", "dead"} {
		expectList(t, folder+"/"+name, listing{Files: []string{}})
	}
	expectList(t, folder+"/link/", listing{Files: []string{folder + "/link/file"}})
	expectList(t, folder+"/link/up/link/", listing{Files: []string{folder + "/link/up/link/file"}})
}

func TestAFileIsListedItself(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "file"), nil)
	expectList(t, path, listing{Files: []string{path}})
	expectList(t, "/dev/null", listing{Files: []string{}})
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	for _, path := range []string{"", "/no/such/folder", "/etc/passwd/below", "a\x00b"} {
		expectList(t, path, listing{Files: []string{}, NotFound: true})
	}
}

func TestARelativePathBecomesAbsolute(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	got, _ := list(t, ".")
	if len(got.Files) == 0 || got.Files[0] != here+"/artifact.go" {
		t.Fatalf("got %q", got.Files)
	}
}

func TestBytesThatAreNotUTF8ArriveAsReplacementCharacters(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "a\xffb\xc3"), nil)
	expectList(t, folder, listing{Files: []string{folder + "/a\ufffdb\ufffd"}})
}

// withoutRights does something without root's right to read everything, should the test have it.
func withoutRights(do func()) {
	if os.Getuid() == 0 {
		const nobody = 65534
		runtime.LockOSThread() // it is a thread that loses its rights
		defer runtime.UnlockOSThread()
		syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
		defer syscall.RawSyscall(syscall.SYS_SETFSUID, 0, 0, 0)
	}
	do()
}

func TestWhatCannotBeReadIsLeftOutUnlessItWasAskedFor(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "closed", "file"), nil)
	write(t, filepath.Join(folder, "file"), []byte("secret"))
	for path, mode := range map[string]os.FileMode{filepath.Dir(folder): 0o755, folder + "/closed": 0, folder + "/file": 0} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(folder, "closed"), 0o700) })
	withoutRights(func() {
		expectList(t, folder, listing{Files: []string{folder + "/file"}})
		expectList(t, folder+"/closed", listing{Files: []string{}, NotFound: true})
		if artifact, err := files.OpenArtifact(folder+"/file", limits.Default()); err == nil {
			artifact.Close()
			t.Error("a file without any rights was opened")
		}
	})
}

func TestTheKernelsOwnFilesCanBeListed(t *testing.T) {
	got, _ := list(t, "/proc")
	for _, path := range got.Files {
		if path == "/proc/version" {
			return
		}
	}
	t.Fatalf("%d files, and /proc/version is not among them", len(got.Files))
}

// makeFiles makes this many empty files, each of whose absolute paths has 200 bytes.
func makeFiles(t *testing.T, folder string, count int) {
	t.Helper()
	for number := 0; number < count; number++ {
		name := fmt.Sprintf("%0*d", 200-len(folder)-1, number)
		if err := os.Link(write(t, filepath.Join(filepath.Dir(folder), "one"), nil), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAListingThatIsTooLongEndsSoonAfterItsLimit(t *testing.T) {
	folder := t.TempDir()
	makeFiles(t, folder, 1500)
	exact := len(files.List(folder, 10<<20))
	if whole := len(files.List(folder, exact)); whole != exact {
		t.Errorf("a listing of %d bytes has %d when that is the limit", exact, whole)
	}
	for _, limit := range []int{exact - 200, exact / 2, 100} {
		if size := len(files.List(folder, limit)); size <= limit || size > limit+500 {
			t.Errorf("a listing that is limited to %d bytes has %d", limit, size)
		}
	}
}

func TestAFolderWithManyFilesTakesLittleMoreMemoryThanItsListing(t *testing.T) {
	folder := t.TempDir()
	makeFiles(t, folder, 5000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	files.List(folder, 20<<10)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 800<<10 {
		t.Fatalf("%d bytes of memory were used", used)
	}
}
