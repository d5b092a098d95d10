module tinsmith/guest

go 1.19

require (
	golang.org/x/sys v0.30.0
	gopkg.in/yaml.v3 v3.0.1
)
