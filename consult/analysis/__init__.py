"""The comparison of before and after: reads answers, calls the method, keeps snapshots, shows them."""
