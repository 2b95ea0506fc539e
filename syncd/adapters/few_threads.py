"""What the processes beside the daemon are given, so that on a machine of many cores they do not
use up the tasks that systemd or a container allows all of syncd. What the environment says counts
for more."""

FEW_THREADS = {"POLARS_MAX_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
