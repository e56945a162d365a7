"""Papers over the figures of the portal: what each says, and the frame that the office puts around it."""
