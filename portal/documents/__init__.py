"""Papers that an office goes on working at: how one is put together, whatever it says."""
