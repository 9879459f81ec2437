package store

// Recode reads a record and writes it again as if it had no pages.
func Recode(text []byte) ([]byte, error) {
	r, err := decode(text)
	if err != nil {
		return nil, err
	}
	return stored{r.Record, r.Pages}.text()
}

func (s stored) text() ([]byte, error) {
	if s.Pages > 0 {
		return nil, ErrDamaged // the pages are elsewhere
	}
	return encode(s.Record, 0)
}
