package integration

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// openChromium prepares a headless browser, as root without its sandbox, that keeps what is its own in a folder. It starts with the first that
// is done with it, for which it has all patience, and is gone before the test has ended.
func openChromium(t testing.TB, folder string) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.UserDataDir(folder+"/profile"),
		chromedp.Env("HOME="+folder, "XDG_CONFIG_HOME="+folder, "XDG_CACHE_HOME="+folder), chromedp.DisableGPU, chromedp.WSURLReadTimeout(patience))
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has gone
		end()
		free()
	})
	return ctx
}

// pageHolds waits until an expression is true in the page.
func pageHolds(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(patience))
}
