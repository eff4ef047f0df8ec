package main
import "context"
func (w *sweeping) submitKubernetes(ctx context.Context) error { return nil }
