package model

import "github.com/jagawarga/jagawarga/civic"

// MapCluster is reports that lie together on the map.
type MapCluster struct {
	civic.Cluster
	Report *Report // where it is alone
}
