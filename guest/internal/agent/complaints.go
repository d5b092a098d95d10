package agent

import "log"

// complaints logs errors of something that is tried over and over: each once, however often it comes in a row.
type complaints struct {
	logger *log.Logger
	last   string
}

func (c *complaints) add(err error) {
	if text := err.Error(); text != c.last {
		c.logger.Print(text)
		c.last = text
	}
}

// clear is called when it worked: the same error is news again.
func (c *complaints) clear() {
	c.last = ""
}
