"""Text -> findings. Pure functions over one immutable `Text`; no file is opened here and no text is changed."""
