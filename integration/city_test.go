package integration

import "testing"

// TestCity is one demo city on which most stories happen side by side. Afterwards its log is read, and it is stopped.
func TestCity(t *testing.T) {
	t.Parallel()
	// With every line it can write in its log.
	city := StartOn(t, emptyPlace(t), []string{"JAGAWARGA_LOG_LEVEL=debug"})
	city.Dawn(t)
	t.Run("stories", func(t *testing.T) {
		for name, story := range map[string]func(*testing.T, *System){
			"a report finds its way":                    aReportFindsItsWay,
			"a private report is nobody else's":         aPrivateReportIsNobodyElses,
			"who was cut off misses nothing":            whoWasCutOffMissesNothing,
			"the public feed can be narrowed to a box":  thePublicFeedWithinABox,
			"a new citizen signs up":                    aNewCitizenSignsUp,
			"a session goes on, and ends":               aSessionGoesOnAndEnds,
			"wrong passwords lock the door":             wrongPasswordsLockTheDoor,
			"anybody can check a token":                 anybodyCanCheckAToken,
			"an anonymous report can be followed":       anAnonymousReportCanBeFollowed,
			"an anonymous report tells nothing":         anAnonymousReportTellsNothing,
			"an anonymous report hides its reporter":    anAnonymousReportHidesItsReporter,
			"an anonymous retry gives the same receipt": anAnonymousRetryGivesTheSameReceipt,
			"tokens file reports":                       tokensFileReports,
			"a browser files and another follows":       aBrowserFilesAndAnotherFollows,
			"a retry gives the same report":             aRetryGivesTheSameReport,
			"support comes and goes":                    supportComesAndGoes,
			"a conversation":                            aConversation,
			"a report is handed on":                     aReportIsHandedOn,
			"a report is taken back":                    aReportIsTakenBack,
			"nobody wants a report":                     whatNobodyWantsGoesToTheSecretariat,
			"a day at a desk":                           aDayAtADesk,
			"what a report came from":                   aDepartmentSaysWhatItCameFrom,
			"reports become one and several":            reportsBecomeOneAndSeveral,
			"a head says where reports go":              aHeadSaysWhereReportsGo,
			"what the department knows":                 whatTheDepartmentKnows,
			"bad input":                                 badInput,
			"bad input to others' reports":              badInputToOthersReports,
			"foreign tokens":                            foreignTokens,
			"bodies that are no requests":               bodiesThatAreNoRequests,
			"too much at once":                          tooMuchAtOnce,
			"other ways to ask":                         otherWaysToAsk,
			"every node by its id":                      everyNodeByItsID,
			"pictures of a public report":               picturesOfAPublicReport,
			"pictures of a private report":              picturesOfAPrivateReport,
			"pictures of an anonymous report":           picturesOfAnAnonymousReport,
			"pictures that are refused":                 picturesThatAreRefused,
			"many pictures at once":                     manyPicturesAtOnce,
			"resolved means resolved":                   resolvedMeansResolved,
			"lists can be narrowed, sorted and paged":   listsCanBeNarrowedSortedAndPaged,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				story(t, city)
			})
		}
	})
	t.Run("it shows how it is", func(t *testing.T) { itShowsHowItIs(t, city) })
	t.Run("nobody is in the log", func(t *testing.T) { nobodyIsInTheLog(t, city) })
	t.Run("nor on the disk", func(t *testing.T) { whatLiesOnDisk(t, city) })
}
