package graph

import (
	"context"
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

var maxZoomText = strconv.Itoa(civic.MaxZoom)

// clusters shows clusters; the reports that are alone are loaded together.
func (r *Resolver) clusters(ctx context.Context, found []civic.Cluster) ([]*model.MapCluster, error) {
	var alone []civic.ReportID
	for _, cluster := range found {
		if cluster.Report != nil {
			alone = append(alone, *cluster.Report)
		}
	}
	reports := map[civic.ReportID]*model.Report{}
	if len(alone) > 0 {
		loaded, err := r.Reader.Reports(ctx, civic.Scope{}, alone)
		if err != nil {
			return nil, err
		}
		for _, report := range model.NewReports(r.view(ctx), civic.Scope{}, loaded) {
			reports[report.Report.ID] = report
		}
	}
	shown := make([]*model.MapCluster, len(found))
	for i, cluster := range found {
		shown[i] = &model.MapCluster{Cluster: cluster}
		if cluster.Report != nil {
			shown[i].Report = reports[*cluster.Report]
		}
	}
	return shown, nil
}
