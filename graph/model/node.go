package model

// Node is anything with a global id: one of the views of this package.
type Node any

// Viewer is who is signed in: *Citizen or *Officer.
type Viewer any
