package collector

import "encoding/json"

// Domain is one that the organisation has proven to own.
type Domain struct {
	Name      string `json:"name"`
	IsInitial bool   `json:"isInitial"`
}

// Domains are those of the organisation; the source must have tenant.organization among After.
func (o *Output) Domains() ([]Domain, error) {
	var organization struct {
		VerifiedDomains []Domain `json:"verifiedDomains"`
	}
	for raw, err := range o.Earlier("tenant.organization") {
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &organization); err != nil {
			return nil, err
		}
	}
	return organization.VerifiedDomains, nil
}
