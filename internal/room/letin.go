package room

import (
	"overtime/internal/protocol"
)

// admission is the module of the waiting room. Who may come in by themselves,
// the rules in admission.go say.
func admission() []Command {
	// Neither answer needs to be remembered: a second one finds nobody.
	answers := Command{Feature: "admission", People: true, Who: moderators(), Durability: Ephemeral}
	return []Command{
		happening(answers, admit),
		happening(answers, deny),
	}
}

func admit(a Ask, m protocol.Admit) ([]Fact, Reply, error) {
	if _, waits := a.State.Waiting.byID(m.Waiting); !waits {
		return nil, Reply{}, errNobodyThere
	}
	return []Fact{Admitted{m.Waiting}}, Reply{}, nil
}

func deny(a Ask, m protocol.Deny) ([]Fact, Reply, error) {
	if _, waits := a.State.Waiting.byID(m.Waiting); !waits {
		return nil, Reply{}, errNobodyThere
	}
	return []Fact{Denied{ID: m.Waiting, By: a.Self.Who(), At: a.At}}, Reply{}, nil
}
