module meshsim

go 1.26
