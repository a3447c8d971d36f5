package civic

import "time"

// LegalLimits are the working days that Indonesian rules on public complaints name: 3 to say whether it is taken up, 5 to answer a
// question, 14 to settle what can be settled from the desk, 60 what somebody has to look at on the spot (Perpres 76/2013, Permenpan-RB
// 62/2018, UU 25/2009). Categories are free to promise less.
var LegalLimits = []int{3, 5, 14, 60}

// WorkingHours turns working days into the working hours that a category promises.
func (c *City) WorkingHours(days int) int {
	return int(time.Duration(days) * c.Calendar.WorkingDay() / time.Hour)
}
