module tinsmith/guest

go 1.19

require (
	github.com/gorilla/websocket v1.5.3
	golang.org/x/sys v0.30.0
	gopkg.in/yaml.v3 v3.0.1
)
