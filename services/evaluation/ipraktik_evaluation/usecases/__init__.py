"""One file per use case, named as a sentence, with one public function of that name."""
